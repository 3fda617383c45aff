// SPDX-License-Identifier: Apache-2.0
import dayjs from 'dayjs';
import en from 'antd/es/locale/en_US';

dayjs.locale('en');
export default en;
