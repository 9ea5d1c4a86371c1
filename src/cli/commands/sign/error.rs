//! Why a PDF is not signed.

/// Why a signing service or a server did not do what it was asked for. Displays as a Chinese sentence.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// There is no response.
    #[error("无法连接{host}：{cause}。")]
    NoResponse {
        /// The host.
        host: String,
        /// The cause.
        cause: String,
    },
    /// The request is refused.
    #[error("{host}拒绝了请求（状态{status}）：{sentence}")]
    Refused {
        /// The host.
        host: String,
        /// The status of the response.
        status: u16,
        /// What the response says.
        sentence: String,
    },
    /// The response is not as the interface describes.
    #[error("{host}的回复不符合接口的规定。")]
    Response {
        /// The host.
        host: String,
    },
    /// There is no credential.
    #[error("签名服务中没有签名证书。")]
    NoCredential,
    /// There are several credentials.
    #[error("签名服务中有{}张签名证书，请以--credential指定：{}。", .0.len(), .0.join("、"))]
    Credentials(Vec<String>),
    /// The key of the credential cannot be used.
    #[error("签名证书现在不能使用（{0}）。")]
    Disabled(String),
    /// The service does not sign with this algorithm.
    #[error("签名服务不支持这张证书所需的签名算法（{0}）。")]
    Algorithm(String),
    /// The certificates cannot be used.
    #[error("签名服务给出的证书不能使用。")]
    Certificates,
    /// The signature is not one of the file.
    #[error("签名服务返回的签名不能通过验证：{0}")]
    Invalid(String),
    /// The signature does not fit the space for it.
    #[error("签名服务的证书过多，签名放不下。")]
    TooLong,
    /// The file of a secret cannot be used.
    #[error("{0}中应当只有一行。")]
    Secret(String),
    /// The system has no root certificates.
    #[error("系统中没有可用的根证书。")]
    NoRoots,
}
