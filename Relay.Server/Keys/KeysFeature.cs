namespace Relay.Server.Keys;

/// <summary>The private keys that the relay holds.</summary>
internal static class KeysFeature
{
    /// <param name="keys">The opened key folder; the caller disposes of it.</param>
    public static IServiceCollection AddKeys(this IServiceCollection services, SigningKeys keys) => services.AddSingleton(keys);
}
