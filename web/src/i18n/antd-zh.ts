// SPDX-License-Identifier: Apache-2.0
import zh from 'antd/es/locale/zh_CN';

export default zh;
