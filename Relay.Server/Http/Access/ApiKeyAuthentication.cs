using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Relay.Server.Http.Problems;
using Shared.Contracts;

namespace Relay.Server.Http.Access;

/// <summary>Authenticates <c>Authorization: Bearer &lt;key&gt;</c>.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeyStore keys, ApiKeyUse use,
    IEnumerable<IDenialObserver> denials)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string RoleClaim = "role";

    /// <summary>The id of the key, for the log.</summary>
    public const string KeyClaim = "key";

    /// <summary>The id of the API key of a request; null where it has none.</summary>
    public static string? FindKey(ClaimsPrincipal user) => user.FindFirstValue(KeyClaim);

    /// <summary>Longer than any key: a longer header is not hashed.</summary>
    private const int MaximumKeyLength = 256;

    private const string Prefix = "Bearer ";

    private string? _refusal;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string? header = Request.Headers.Authorization;
        if (string.IsNullOrEmpty(header))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || header.Length > MaximumKeyLength)
        {
            return Task.FromResult(AuthenticateResult.Fail("The Authorization header is not 'Bearer <key>'."));
        }

        Result<ApiKeyIdentity, ApiKeyRefusal> result = keys.Authenticate(header[Prefix.Length..].Trim());
        if (result.Value is not { } key)
        {
            _refusal = result.Refusal!.Detail;
            return Task.FromResult(AuthenticateResult.Fail(_refusal));
        }

        use.Record(key.Id);
        ClaimsIdentity identity = new([new Claim(RoleClaim, AccessPolicies.NameOf(key.Role)), new Claim(KeyClaim, key.Id)], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return RelayProblems.Unauthorized(_refusal).ExecuteAsync(Context);
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
