//! The settings of access control: limits per caller, and sign-in.

use std::num::{NonZeroU32, NonZeroUsize};

use clap::Args;

use crate::archive::access::caller::Roles;
use crate::archive::access::keys::Token;
use crate::cli::arguments::help::OPTIONS;
use crate::cli::error::CliError;
use crate::http::access::client::TrustedProxy;
use crate::http::access::limits::CallerLimits;
use crate::http::access::origin::Origin;
use crate::http::access::policy::Access;
use crate::http::access::sign_in::provider::{Provider, Settings};

/// The settings of access control.
#[derive(Debug, Args)]
#[command(next_help_heading = OPTIONS)]
pub struct AccessArguments {
    /// The requests per minute of each key or person. The default is far more than a program needs
    /// that posts one filing after another, and too few to overload a server.
    #[arg(
        long,
        value_name = "次数",
        env = "HONGTOU_RATE",
        hide_env = true,
        default_value_t = 6000,
        hide_default_value = true,
        help = "每个密钥每分钟的请求数（默认6000，0为不限；环境变量HONGTOU_RATE）"
    )]
    pub rate: u32,
    /// The concurrent requests of each key or person.
    #[arg(
        long,
        value_name = "个数",
        env = "HONGTOU_CONCURRENCY",
        hide_env = true,
        default_value_t = 64,
        hide_default_value = true,
        help = "每个密钥同时进行的请求数（默认64，0为不限；环境变量HONGTOU_CONCURRENCY）"
    )]
    pub concurrency: usize,
    /// Whether to refuse everything as long as there are no keys.
    #[arg(
        long,
        env = "HONGTOU_REQUIRE_KEYS",
        hide_env = true,
        help = "没有密钥时一概不答复，不生成本机令牌（环境变量HONGTOU_REQUIRE_KEYS=true）"
    )]
    pub require_keys: bool,
    /// The token that is accepted as long as there are no keys; random by default.
    #[arg(
        long,
        value_name = "令牌",
        env = "HONGTOU_LOCAL_TOKEN",
        hide_env = true,
        hide_env_values = true,
        value_parser = local_token,
        help = "没有密钥时使用的本机令牌，形如ht_local_加43个字母或数字（默认每次启动随机生成；\
                环境变量HONGTOU_LOCAL_TOKEN）"
    )]
    pub local_token: Option<Token>,
    /// The proxies whose `X-Forwarded-For` is believed.
    #[arg(
        long,
        value_name = "地址",
        env = "HONGTOU_TRUSTED_PROXIES",
        hide_env = true,
        value_delimiter = ',',
        help = "反向代理的地址或网段，如127.0.0.1，可多次给出；据其X-Forwarded-For得知客户端地址（默认无；\
                环境变量HONGTOU_TRUSTED_PROXIES，以逗号分隔）"
    )]
    pub trusted_proxies: Vec<TrustedProxy>,
    /// Whether filings need an approved draft.
    #[arg(
        long,
        env = "HONGTOU_APPROVAL",
        hide_env = true,
        help = "启用审签：公文须由经审核、签发的草稿生成，有direct角色的密钥除外（环境变量HONGTOU_APPROVAL=true）"
    )]
    pub approval: bool,
    /// The public URL of the server.
    #[arg(
        long,
        value_name = "网址",
        env = "HONGTOU_PUBLIC_URL",
        hide_env = true,
        help = "对外的网址，如https://hongtou.example.gov.cn（环境变量HONGTOU_PUBLIC_URL）"
    )]
    pub public_url: Option<Origin>,
    /// The issuer URL of the OpenID Connect provider.
    #[arg(
        long,
        value_name = "网址",
        env = "HONGTOU_OIDC_ISSUER",
        hide_env = true,
        requires_all = ["oidc_client_id", "public_url"],
        help = "统一登录服务（OpenID Connect）的签发者网址（环境变量HONGTOU_OIDC_ISSUER）"
    )]
    pub oidc_issuer: Option<String>,
    /// The client id of this server at the provider.
    #[arg(
        long,
        value_name = "编号",
        env = "HONGTOU_OIDC_CLIENT_ID",
        hide_env = true,
        help = "在统一登录服务登记的客户端编号（环境变量HONGTOU_OIDC_CLIENT_ID）"
    )]
    pub oidc_client_id: Option<String>,
    /// The client secret. Other users of the machine can see flags, so the variable is better.
    #[arg(
        long,
        value_name = "密码",
        env = "HONGTOU_OIDC_CLIENT_SECRET",
        hide_env = true,
        hide_env_values = true,
        help = "客户端密码；宜用环境变量HONGTOU_OIDC_CLIENT_SECRET，以免他人从进程列表看到"
    )]
    pub oidc_client_secret: Option<String>,
    /// The claim that holds a person's agency.
    #[arg(
        long,
        value_name = "名称",
        env = "HONGTOU_OIDC_AGENCY_CLAIM",
        hide_env = true,
        help = "身份令牌中给出所属机关的声明；设置后没有该声明的人员不能登录（环境变量HONGTOU_OIDC_AGENCY_CLAIM）"
    )]
    pub oidc_agency_claim: Option<String>,
    /// The claim that holds a person's roles.
    #[arg(
        long,
        value_name = "名称",
        env = "HONGTOU_OIDC_ROLES_CLAIM",
        hide_env = true,
        help = "身份令牌中给出角色的声明；设置后各人只有其中列出且HONGTOU_OIDC_ROLES允许的角色（环境变量HONGTOU_OIDC_ROLES_CLAIM）"
    )]
    pub oidc_roles_claim: Option<String>,
    /// The roles of people who sign in.
    #[arg(
        long,
        value_name = "角色",
        env = "HONGTOU_OIDC_ROLES",
        hide_env = true,
        default_value = "submit,read,archive",
        hide_default_value = true,
        help = "登录人员的角色（默认submit,read,archive；环境变量HONGTOU_OIDC_ROLES）"
    )]
    pub oidc_roles: Roles,
}

impl AccessArguments {
    /// Creates the state of access control from the settings.
    ///
    /// # Errors
    /// Returns `CliError::Provider` if the settings of the provider are invalid.
    pub fn access(&self) -> Result<Access, CliError> {
        let limits = CallerLimits {
            per_minute: NonZeroU32::new(self.rate),
            concurrent: NonZeroUsize::new(self.concurrency),
        };
        let provider = self.provider()?;
        // Staff who can sign in need no local token.
        let is_local = provider.is_none() && !self.require_keys;
        let local_token =
            is_local.then(|| self.local_token.clone().unwrap_or_else(Token::random_local));
        let mut access = Access::new(limits, self.public_url.clone(), provider);
        access.local_token = local_token;
        access.trusted_proxies = self.trusted_proxies.clone();
        access.requires_approval = self.approval;
        Ok(access)
    }

    fn provider(&self) -> Result<Option<Provider>, CliError> {
        let (Some(issuer), Some(client_id), Some(origin)) =
            (&self.oidc_issuer, &self.oidc_client_id, &self.public_url)
        else {
            return Ok(None);
        };
        let settings = Settings {
            issuer: issuer.clone(),
            client_id: client_id.clone(),
            client_secret: self.oidc_client_secret.clone(),
            origin: origin.clone(),
            agency_claim: self.oidc_agency_claim.clone(),
            roles_claim: self.oidc_roles_claim.clone(),
            roles: self.oidc_roles.clone(),
        };
        Ok(Some(Provider::new(settings)?))
    }
}

fn local_token(text: &str) -> Result<Token, &'static str> {
    let token = text.parse::<Token>().ok();
    token.filter(Token::is_local).ok_or("not a local token")
}
