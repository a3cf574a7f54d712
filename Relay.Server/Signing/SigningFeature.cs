namespace Relay.Server.Signing;

/// <summary>Signatures of models and of their evidence.</summary>
internal static class SigningFeature
{
    /// <param name="signing">The opened signer; the caller disposes of it.</param>
    public static IServiceCollection AddSigning(this IServiceCollection services, SigningServices signing) =>
        services.AddSingleton(signing).AddSingleton(signing.Artifacts).AddSingleton<SigningMeter>();
}
