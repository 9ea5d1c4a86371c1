//! The texts that a document issues (印发, 转发, 公布), as posted.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;

use crate::document::sign_off::SignOffPlace;
use crate::submission::elements::number::PostedNumber;
use crate::submission::text::{Lines, PostedText};

/// The issued text, or a list of several.
#[derive(Debug, Clone)]
pub enum PostedIssued {
    /// One text.
    One(Box<PostedIssuedText>),
    /// Several texts, in their order.
    Several(Vec<PostedIssuedText>),
}

impl<'de> Deserialize<'de> for PostedIssued {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        if raw.get().starts_with('[') {
            serde_json::from_str(raw.get()).map(Self::Several).map_err(de::Error::custom)
        } else {
            serde_json::from_str(raw.get()).map(Self::One).map_err(de::Error::custom)
        }
    }
}

impl JsonSchema for PostedIssued {
    fn schema_name() -> Cow<'static, str> {
        "IssuedText".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = PostedIssuedText::json_schema(generator);
        let items = schema.clone().to_value();
        schema.insert("type".to_owned(), serde_json::json!(["object", "array"]));
        schema.insert("items".to_owned(), items);
        let description = "所印发、转发、公布的文本；几个的，写成列表";
        schema.insert("description".to_owned(), description.into());
        schema
    }
}

/// The text that a document issues (印发, 转发, 公布).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "所印发、转发、公布的文本")]
pub struct PostedIssuedText {
    /// Its title, without line breaks.
    #[schemars(description = "所印发文本的标题，不分行")]
    pub title: String,
    /// The note below the title (题注) without its brackets, such as when it was adopted.
    #[serde(default)]
    #[schemars(description = "题注，不带括号，如“2024年3月1日××会议通过”")]
    pub note: Option<String>,
    /// Its own document number (发文字号), below the title; of a forwarded document.
    #[serde(default)]
    #[schemars(description = "所转发文件自己的发文字号，印在标题之下")]
    pub document_number: Option<PostedNumber>,
    /// Its own primary recipients (主送机关); of a forwarded document.
    #[serde(default)]
    #[schemars(
        description = "所转发文件自己的主送机关；同类机关可以写在一项里，用“、”分开，这时各项之间印“，”"
    )]
    pub primary_recipients: Option<Vec<String>>,
    /// Its chapters, articles, headings, paragraphs and tables.
    #[schemars(description = "所印发文本的章、条、标题、段落、表格")]
    pub body: Vec<PostedText>,
    /// Attachments of the issued text itself.
    #[serde(default)]
    #[schemars(description = "所印发文本自带的附件")]
    pub attachments: Option<Vec<PostedIssuedAttachment>>,
    /// The agencies that signed it (发文机关署名), which may differ from `issuers`. No room is left for
    /// their seals.
    #[serde(default)]
    #[schemars(
        description = "所转发文件的署名机关，可以与发文机关不同；转发的文本不再用印，不留印章位置"
    )]
    pub sign_off: Option<Vec<String>>,
    /// Where `sign_off` is printed; `below_text` by default.
    #[serde(default)]
    #[schemars(description = "署名印在何处；不写则在正文之下")]
    pub sign_off_place: Option<SignOffPlace>,
    /// The date of the text (成文日期), `YYYY-MM-DD`, not after that of the document. Required below
    /// the text if there is `sign_off`; in brackets below the title.
    #[serde(default)]
    #[schemars(
        description = "所转发文件的成文日期，YYYY-MM-DD，不晚于本件的成文日期；署名在正文之下的必填，在标题之下的印在括号里"
    )]
    pub document_date: Option<String>,
    /// Its annotation (附注) without its brackets, or a list of annotations, one per line.
    #[serde(default)]
    #[schemars(
        schema_with = "Lines::schema",
        description = "所转发文件的附注，不带括号；几行的，写成列表，一项一行"
    )]
    pub annotation: Option<Lines>,
}

/// An attachment of the issued text.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(description = "所印发文本自带的附件")]
pub struct PostedIssuedAttachment {
    /// The name of the attachment (附件名称).
    #[schemars(description = "附件名称")]
    pub title: String,
    /// Its headings, paragraphs and tables; without them it is only listed.
    #[serde(default)]
    #[schemars(description = "附件的标题、段落、表格；不写则只列名称")]
    pub body: Option<Vec<PostedText>>,
}
