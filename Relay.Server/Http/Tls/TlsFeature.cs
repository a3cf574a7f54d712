namespace Relay.Server.Http.Tls;

/// <summary>The certificate that the relay presents, and its renewal.</summary>
internal static class TlsFeature
{
    public static IServiceCollection AddServerTls(this IServiceCollection services, ServerTlsOptions options) => services
        .AddSingleton(options)
        .AddSingleton<DevelopmentCa>()
        .AddSingleton<ServerTls>()
        .AddHostedService(provider => provider.GetRequiredService<ServerTls>());
}
