using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Relay.Server.Http.Access.Tokens;
using Relay.Server.Http.Problems;
using Shared.Contracts;

namespace Relay.Server.Http.Access;

/// <summary>Authenticates <c>Authorization: Bearer &lt;key&gt;</c>: an API key, or a token of an issuer that the relay trusts. Both become a caller
/// with roles and one text that says who it is, as does the user of the console: nothing behind this asks which of them it was.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeyStore keys, ApiKeyUse use,
    TokenAuthenticator tokens, IEnumerable<IDenialObserver> denials)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string RoleClaim = "role";

    /// <summary>Who acts: the id of the key, or the text of a <see cref="TokenActor"/>.</summary>
    public const string KeyClaim = "key";

    /// <summary>Who acts, by the id of the API key or by the token of a request; null where it has neither.</summary>
    public static string? FindKey(ClaimsPrincipal user) => user.FindFirstValue(KeyClaim);

    /// <summary>Longer than any key: a longer header is not hashed.</summary>
    private const int MaximumKeyLength = 256;

    private const string Prefix = "Bearer ";

    private ProblemHttpResult? _refusal;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.Features.Get<ConsoleCaller>() is { } caller)
        {
            return Accept(caller.Actor, caller.Roles);
        }

        string? header = Request.Headers.Authorization;
        if (string.IsNullOrEmpty(header))
        {
            return AuthenticateResult.NoResult();
        }

        if (header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            string text = header[Prefix.Length..].Trim();
            if (TokenAuthenticator.IsToken(text))
            {
                return await AuthenticateTokenAsync(text);
            }

            if (header.Length <= MaximumKeyLength)
            {
                return AuthenticateKey(text);
            }
        }

        return AuthenticateResult.Fail("The Authorization header is not 'Bearer <key>'.");
    }

    private AuthenticateResult AuthenticateKey(string text)
    {
        Result<ApiKeyIdentity, ApiKeyRefusal> result = keys.Authenticate(text);
        if (result.Value is not { } key)
        {
            return Refuse(RelayProblems.Unauthorized(result.Refusal!.Detail));
        }

        use.Record(key.Id);
        return Accept(key.Id, [key.Role]);
    }

    private async Task<AuthenticateResult> AuthenticateTokenAsync(string text)
    {
        Result<TokenIdentity, TokenRefusal> result = await tokens.AuthenticateAsync(text, Context.RequestAborted);
        return result.Value is { } token ? Accept(token.Actor.ToString(), token.Roles) : Refuse(Describe(result.Refusal!));
    }

    private static AuthenticateResult Accept(string actor, IReadOnlyList<ApiKeyRole> roles)
    {
        ClaimsIdentity identity = new(
            [.. roles.Select(role => new Claim(RoleClaim, AccessPolicies.NameOf(role))), new Claim(KeyClaim, actor)], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    private static ProblemHttpResult Describe(TokenRefusal refusal) => refusal.Reason switch
    {
        TokenRefusalReason.NoGrant => TokenProblems.WithoutGrant(refusal.Detail),
        TokenRefusalReason.IssuerUnreachable => TokenProblems.IssuerUnreachable(refusal.Detail),
        _ => RelayProblems.Unauthorized(refusal.Detail),
    };

    private AuthenticateResult Refuse(ProblemHttpResult refusal)
    {
        _refusal = refusal;
        return AuthenticateResult.Fail(refusal.ProblemDetails.Detail!);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        ProblemHttpResult problem = _refusal ?? RelayProblems.Unauthorized();
        if (problem.StatusCode == StatusCodes.Status401Unauthorized)
        {
            Response.Headers.WWWAuthenticate = "Bearer";
        }
        else if (problem.StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            Response.Headers.RetryAfter = $"{(int)IssuerKeys.Pause.TotalSeconds}";
        }

        return problem.ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        foreach (IDenialObserver observer in denials)
        {
            observer.Denied(Context);
        }

        string? policy = Context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy;
        return RelayProblems.Forbidden([.. AccessPolicies.RolesOf(policy).Select(AccessPolicies.NameOf)]).ExecuteAsync(Context);
    }
}
