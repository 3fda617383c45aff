// SPDX-License-Identifier: Apache-2.0
import 'dayjs/locale/zh-cn';
import dayjs from 'dayjs';
import zh from 'antd/es/locale/zh_CN';

dayjs.locale('zh-cn');
export default zh;
