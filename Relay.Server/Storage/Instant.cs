namespace Relay.Server.Storage;

/// <summary>Instants in the database: milliseconds since 1970 in UTC.</summary>
internal static class Instant
{
    public static long Now(TimeProvider timeProvider) => timeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    public static DateTimeOffset FromMilliseconds(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static DateTimeOffset? FromMilliseconds(long? milliseconds) => milliseconds is { } value ? FromMilliseconds(value) : null;
}
