using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Relay.Server.Http.Access.Tokens;

namespace Relay.Server.Http.Access;

/// <summary>Who may use which route: each route names exactly one of these policies, and a route that names none is closed to
/// everyone.</summary>
internal static class AccessPolicies
{
    /// <summary>Everyone: what says no more than whether the relay works.</summary>
    public const string Open = "open";

    /// <summary>Metadata, artifacts and what a node reads besides: a node's signature, or a key of any role.</summary>
    public const string Reader = "reader";

    /// <summary>What a node writes: the signature of the node that the path names.</summary>
    public const string Node = "node";

    /// <summary>What the relay knows: a key of any role but node.</summary>
    public const string Audit = "audit";

    /// <summary>Models and training runs.</summary>
    public const string Train = "train";

    /// <summary>Samples and labels of datasets: a node's signature, or a key that covers training.</summary>
    public const string Contribute = "contribute";

    /// <summary>Tags and notes of models and versions: a key of any role that changes something.</summary>
    public const string Annotate = "annotate";

    /// <summary>Signatures for pending publications.</summary>
    public const string Approve = "approve";

    /// <summary>Channels, releases, revocations, nodes.</summary>
    public const string Operate = "operate";

    /// <summary>API keys, and whatever no other policy is for.</summary>
    public const string Admin = "admin";

    private static readonly Dictionary<string, ApiKeyRole[]> KeyPolicies = new(StringComparer.Ordinal)
    {
        [Audit] = [ApiKeyRole.Admin, ApiKeyRole.Trainer, ApiKeyRole.Approver, ApiKeyRole.Operator, ApiKeyRole.Auditor],
        [Train] = [ApiKeyRole.Admin, ApiKeyRole.Trainer],
        [Contribute] = [ApiKeyRole.Admin, ApiKeyRole.Trainer],
        [Annotate] = [ApiKeyRole.Admin, ApiKeyRole.Trainer, ApiKeyRole.Approver, ApiKeyRole.Operator],
        [Approve] = [ApiKeyRole.Admin, ApiKeyRole.Approver],
        [Operate] = [ApiKeyRole.Admin, ApiKeyRole.Operator],
        [Admin] = [ApiKeyRole.Admin],
    };

    public static IServiceCollection AddAccess(this IServiceCollection services, OpenAccess open, IdentitySettings identity)
    {
        services.AddSingleton(open);
        services.AddSingleton(identity);
        services.AddSingleton<IssuerList>();
        services.AddSingleton<TokenAuthenticator>();
        services.AddSingleton<ApiKeyStore>();
        services.AddSingleton<ApiKeyUse>();

        // Only the core: AddAuthentication also adds data protection, which writes keys into the home folder.
        services.AddWebEncoders();
        services.AddTransient<ApiKeyAuthentication>();
        services.AddAuthenticationCore(authentication =>
        {
            authentication.DefaultScheme = ApiKeyAuthentication.SchemeName;
            authentication.AddScheme<ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        });
        services.Configure<AuthenticationSchemeOptions>(
            ApiKeyAuthentication.SchemeName,
            scheme => scheme.ForwardDefaultSelector = context => NodeIdentity.IsSigned(context.Request) ? NodeIdentity.SchemeName : null);
        AuthorizationBuilder authorization = services.AddAuthorizationBuilder()
            .SetFallbackPolicy(Policy(policy => policy.RequireAssertion(request => !IsRoute(request.Resource))))
            .AddPolicy(Open, policy => policy.RequireAssertion(_ => true))
            .AddPolicy(Reader, policy => policy.RequireAssertion(request => IsReader(request, open)))
            .AddPolicy(Node, policy => policy.RequireAssertion(request => request.Resource is HttpContext context && IsNode(context, open)));
        foreach ((string name, ApiKeyRole[] roles) in KeyPolicies)
        {
            string[] names = [.. roles.Select(NameOf)];
            authorization.AddPolicy(
                name,
                policy => policy.RequireAssertion(request =>
                    names.Any(role => request.User.HasClaim(ApiKeyAuthentication.RoleClaim, role))
                    || (name == Contribute && NodeIdentity.Find(request.User) is not null)));
        }

        return services;
    }

    /// <summary>The roles of API keys that a policy accepts; empty for one that is not about them.</summary>
    public static IReadOnlyList<ApiKeyRole> RolesOf(string? policy) =>
        policy is not null && KeyPolicies.TryGetValue(policy, out ApiKeyRole[]? roles) ? roles : [];

    /// <summary>The names of all roles.</summary>
    public static IEnumerable<string> RoleNames => Enum.GetValues<ApiKeyRole>().Select(NameOf);

    /// <summary>The name of a role in the API and in the database.</summary>
    public static string NameOf(ApiKeyRole role) => role switch
    {
        ApiKeyRole.Admin => "admin",
        ApiKeyRole.Trainer => "trainer",
        ApiKeyRole.Approver => "approver",
        ApiKeyRole.Operator => "operator",
        ApiKeyRole.Auditor => "auditor",
        ApiKeyRole.Node => "node",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
    };

    /// <summary>The role of this name; null for none.</summary>
    public static ApiKeyRole? RoleNamed(string? name) =>
        Enum.GetValues<ApiKeyRole>().Where(role => NameOf(role) == name).Select(role => (ApiKeyRole?)role).SingleOrDefault();

    private static bool IsReader(AuthorizationHandlerContext request, OpenAccess open) => request.User.Identity is { IsAuthenticated: true }
        || (open.Artifacts && !(request.Resource is HttpContext context && NodeIdentity.IsBanned(context)));

    /// <summary>With open check-ins, a request is accepted as one of a node that has not enrolled, also where it carries a signature by a key that
    /// nothing is known of. A signature in the name of a node that has enrolled is valid, or the request is refused.</summary>
    private static bool IsNode(HttpContext context, OpenAccess open) => NodeIdentity.Find(context.User) is { } node
        ? NodeIdentity.OwnsPath(context, node)
        : open.CheckIns && (!NodeIdentity.IsSigned(context.Request) || NodeIdentity.HasUnknownSigner(context));

    /// <summary>An unknown path is no route: it is answered as unknown, and so is a method that a path does not take.</summary>
    private static bool IsRoute(object? resource) => (resource as HttpContext)?.GetEndpoint() is RouteEndpoint;

    private static AuthorizationPolicy Policy(Action<AuthorizationPolicyBuilder> configure)
    {
        AuthorizationPolicyBuilder builder = new();
        configure(builder);
        return builder.Build();
    }
}
