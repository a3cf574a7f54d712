namespace Relay.Server.Idempotency;

/// <summary>The header <c>Idempotency-Key</c> of changes.</summary>
internal static class IdempotencyFeature
{
    public static IServiceCollection AddIdempotency(this IServiceCollection services) =>
        services.AddSingleton<IdempotencyStore>().AddSingleton<IdempotentRequests>();

    /// <summary>Before the audit log, so that a repeated request is entered once.</summary>
    public static WebApplication UseIdempotency(this WebApplication app)
    {
        app.Use(app.Services.GetRequiredService<IdempotentRequests>().InvokeAsync);
        return app;
    }
}
