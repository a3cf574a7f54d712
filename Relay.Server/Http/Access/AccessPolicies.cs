namespace Relay.Server.Http.Access;

internal static class AccessPolicies
{
    public const string Admin = "admin";

    /// <summary>Approvers, and admins.</summary>
    public const string Approver = "approver";

    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        services.AddSingleton<ApiKeys>();

        // The core alone: the full set-up also starts data protection, which writes keys of its own into the home folder.
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
