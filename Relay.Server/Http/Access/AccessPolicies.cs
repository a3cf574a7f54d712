namespace Relay.Server.Http.Access;

/// <summary>The authorization policies of the API: each names the scopes of API keys that it accepts.</summary>
internal static class AccessPolicies
{
    public const string Admin = "admin";

    /// <summary>Approvers and admins.</summary>
    public const string Approver = "approver";

    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        services.AddSingleton<ApiKeys>();

        // Only the core: AddAuthentication also adds data protection, which writes keys into the home folder.
        services.AddWebEncoders();
        services.AddTransient<ApiKeyAuthentication>();
        services.AddAuthenticationCore(authentication =>
        {
            authentication.DefaultScheme = ApiKeyAuthentication.SchemeName;
            authentication.AddScheme<ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        });
        services.AddAuthorizationBuilder()
            .AddPolicy(Admin, policy => policy.RequireClaim(ApiKeyAuthentication.ScopeClaim, ApiKeys.AdminScope))
            .AddPolicy(Approver, policy => policy.RequireClaim(
                ApiKeyAuthentication.ScopeClaim, ApiKeys.ApproverScope, ApiKeys.AdminScope));
        return services;
    }
}
