using Relay.Server.Http.Access;

namespace Relay.Server.Audit;

/// <summary>The audit log: who changed what, in a chain that shows whether an entry was changed or taken away.</summary>
internal static class AuditFeature
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services
        .AddSingleton<AuditLog>()
        .AddSingleton<AuditHeads>()
        .AddSingleton<AuditRequests>()
        .AddSingleton<IDenialObserver, AuditDenials>()
        .AddHostedService<AuditPublications>()
        .AddHostedService<AuditHeadWorker>();

    /// <summary>After authorization, and after the checks that refuse a request before its handler.</summary>
    public static WebApplication UseAudit(this WebApplication app)
    {
        app.Use(app.Services.GetRequiredService<AuditRequests>().InvokeAsync);
        return app;
    }

    public static IEndpointRouteBuilder MapAudit(this IEndpointRouteBuilder app)
    {
        AuditEndpoints.Map(app);
        return app;
    }
}
