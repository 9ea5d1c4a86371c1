// An OpenID Connect provider: node-oidc-provider with its own development pages. Run by oidc.py as
// node oidc_provider.mjs PORT SITE
import Provider from 'oidc-provider';

const [port, site] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

// Any login is accepted; the person `nobody` has no agency.
const account = (id) => ({
    accountId: id,
    claims: () => ({
        sub: id,
        name: `干部${id}`,
        ...(id === 'nobody' ? {} : { agency: '巴中市民政局' }),
    }),
});

const provider = new Provider(issuer, {
    clients: ['hongtou', 'late'].map((client_id) => ({
        client_id,
        client_secret: `secret of ${client_id}`,
        redirect_uris: [`${site}/auth/callback`],
    })),
    claims: { openid: ['sub', 'agency'], profile: ['name'] },
    conformIdTokenClaims: false,
    findAccount: (_, id) => account(id),
    pkce: { required: () => true },
    // The client `late` gets tokens that have expired.
    ttl: { IdToken: (_, __, client) => (client.clientId === 'late' ? -60 : 600) },
    cookies: { keys: ['key of a test'] },
});

provider.listen(Number(port), '127.0.0.1', () => console.log('listening'));
