namespace Relay.Server.Webhooks;

/// <summary>Webhooks: events of the relay, sent to the addresses that operators give, signed and at least once.</summary>
internal static class WebhooksFeature
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services, WebhookSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton<WebhookStore>()
        .AddSingleton<WebhookEventStore>()
        .AddSingleton<WebhookPosition>()
        .AddSingleton<WebhookConnections>()
        .AddSingleton<WebhookSender>()
        .AddSingleton<WebhookMeter>()
        .AddSingleton<WebhookMarks>()
        .AddSingleton<WebhookWorker>()
        .AddHostedService(services => services.GetRequiredService<WebhookWorker>());

    public static IEndpointRouteBuilder MapWebhooks(this IEndpointRouteBuilder app)
    {
        WebhookEndpoints.Map(app);
        return app;
    }
}
