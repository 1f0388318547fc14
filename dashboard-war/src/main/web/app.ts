import './css/app.css';
import { applyTheme, theme } from './lib/theme.ts';
import './components/shell.ts';

applyTheme(theme());
