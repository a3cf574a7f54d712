using Microsoft.AspNetCore.Authentication;

namespace Relay.Server.Hosting.Access;

internal static class AccessPolicies
{
    public const string Admin = "admin";

    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        services.AddSingleton<AdminKeys>();
        services.AddAuthentication(ApiKeyAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder()
            .AddPolicy(Admin, policy => policy.RequireClaim(ApiKeyAuthentication.ScopeClaim, AdminKeys.AdminScope));
        return services;
    }
}
