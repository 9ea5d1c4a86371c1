//! Elements of a document that are read by themselves: 发文字号 and 标题.

pub mod number;
pub mod title;
