using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Relay.Server.Http.Access.Tokens;
using Relay.WebConsole.Hosting;
using Shared.Contracts;

namespace Relay.Server.WebConsole;

/// <summary>Signs people in at an OpenID Connect issuer: the authorization code flow with PKCE (RFC 7636). The library validates the identity token;
/// the identity file says what its holder may do.</summary>
internal sealed partial class TokenSignIn(IssuerList issuers, TokenAuthenticator tokens, ConsoleSessions sessions, ILogger<TokenSignIn> log)
{
    private const int SecretBytes = 32;
    private const string Broken = "The sign-in service did not answer as expected: try again. The relay's log has the cause.";

    public IReadOnlyList<string> Services => [.. issuers.SignIns.Select(issuer => issuer.Trust.SignIn!.Name)];

    /// <returns>Null where there is no such service, or it cannot be reached.</returns>
    public async Task<ConsoleServiceSignIn?> BeginAsync(string service, string callback, CancellationToken cancellationToken)
    {
        if (issuers.SignIns.FirstOrDefault(issuer => issuer.Trust.SignIn!.Name == service) is not { Trust.SignIn: { } client } issuer
            || await issuer.Keys.FindConfigurationAsync(cancellationToken) is not { AuthorizationEndpoint.Length: > 0 } found)
        {
            return null;
        }

        SignInState state = new(issuer.Trust.Address, CreateSecret(), CreateSecret(), CreateSecret());
        OpenIdConnectMessage request = new()
        {
            IssuerAddress = found.AuthorizationEndpoint,
            ClientId = client.ClientId,
            ResponseType = OpenIdConnectResponseType.Code,
            ResponseMode = OpenIdConnectResponseMode.Query,
            Scope = "openid profile email",
            RedirectUri = callback,
            State = state.State,
            Nonce = state.Nonce,
        };
        request.SetParameter("code_challenge", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(state.Verifier))));
        request.SetParameter("code_challenge_method", "S256");
        return new ConsoleServiceSignIn(request.CreateAuthenticationRequestUrl(), state.ToText());
    }

    /// <param name="kept">What the browser kept since the sign-in began.</param>
    public async Task<ConsoleSignIn> FinishAsync(IQueryCollection answer, string? kept, string callback, CancellationToken cancellationToken)
    {
        if (SignInState.TryParse(kept) is not { } state || answer["state"] != state.State
            || (answer.ContainsKey("iss") && answer["iss"] != state.Issuer)
            || issuers.Find(state.Issuer) is not { Trust.SignIn: { } client } issuer)
        {
            return new(null, "This sign-in was not begun here, or took too long: sign in once more.");
        }

        if (answer["code"] is not [{ Length: > 0 } code])
        {
            string reason = answer["error_description"].FirstOrDefault() ?? answer["error"].FirstOrDefault() ?? "it gave no reason";
            return new(null, DisplayText.Format($"The sign-in service refused: {reason}"));
        }

        if (await RedeemAsync(issuer, client, code, state.Verifier, callback, cancellationToken) is not { } text)
        {
            return new(null, Broken);
        }

        Result<TokenIdentity, TokenRefusal> result = await tokens.AuthenticateSignInAsync(
            text, new TokenOfSignIn(state.Issuer, client.ClientId, state.Nonce), cancellationToken);
        return result.Value is { } identity
            ? new(sessions.Begin(identity.Actor.ToString(), identity.Actor.Owner ?? identity.Actor.Subject, identity.Roles), null)
            : new(null, result.Refusal!.Detail);
    }

    /// <returns>The identity token; null where the issuer gives none.</returns>
    private async Task<string?> RedeemAsync(
        KnownIssuer issuer, SignInClient client, string code, string verifier, string callback, CancellationToken cancellationToken)
    {
        try
        {
            OpenIdConnectConfiguration? found = await issuer.Keys.FindConfigurationAsync(cancellationToken);
            Dictionary<string, string> form = new(StringComparer.Ordinal)
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code,
                ["redirect_uri"] = callback,
                ["client_id"] = client.ClientId,
                ["code_verifier"] = verifier,
            };
            if (client.Secret is { } secret)
            {
                form["client_secret"] = secret;
            }

            using HttpClient http = issuer.Keys.CreateClient();
            using FormUrlEncodedContent body = new(form);
            using HttpResponseMessage response = await http.PostAsync(found!.TokenEndpoint, body, cancellationToken);
            response.EnsureSuccessStatusCode();
            using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            return answer.RootElement.GetProperty("id_token").GetString();
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogFailed(e, issuer.Trust.Address);
            return null;
        }
    }

    private static string CreateSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    [LoggerMessage(1065, LogLevel.Error, "A sign-in at {Issuer} failed: it gave no identity token")]
    private partial void LogFailed(Exception exception, string issuer);
}
