//! Checks tables: their layout, and 项目支出绩效自评表.

pub(crate) mod indents;
pub(crate) mod layout;
pub(crate) mod project_table;
