using Shared.Contracts.Tuf;

namespace Relay.Server.Storage;

/// <summary>Decides whether the clock may date signatures. A signature with a wrong date outlives the mistake: nodes keep metadata until
/// they expire, and certificates begin and end with their dates.</summary>
internal static class SigningClock
{
    /// <summary>How long a timestamp is valid; with its expiry it tells when it was signed.</summary>
    public static readonly TimeSpan TimestampLife = TimeSpan.FromDays(1);

    /// <summary>A relay renews its timestamp every hour. After a longer pause than this, someone has to confirm the clock.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromDays(90);

    /// <summary>The year of the first version: no relay has signed anything before.</summary>
    public static readonly DateTimeOffset FirstRelease = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The year of this version: no right clock shows an earlier time. A test fails when it is older than the code.</summary>
    public static readonly DateTimeOffset Released = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan LongestUse = TimeSpan.FromDays(3650);

    // Clocks are set back by a little all the time.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(10);

    /// <summary>Why nothing may be signed now; null when it may.</summary>
    /// <param name="newest">The time of the newest signature; null before the first one.</param>
    /// <param name="isConfirmed">True when the operator has said that the clock is right, though it is far ahead.</param>
    public static string? FindError(DateTimeOffset now, DateTimeOffset? newest, bool isConfirmed = false)
    {
        if (now < Released)
        {
            return $"The clock shows {now:u}, and this version of the relay is of {Released:yyyy}. Nothing is signed before the clock is set.";
        }

        if (newest is { } signed && IsAhead(signed, now))
        {
            return $"The clock shows {now:u}, and the newest signature of this relay is of {signed:u}. Nothing is signed. If the clock is wrong, "
                + "set it. If it is right, it was wrong when that was signed: run 'relay doctor'.";
        }

        TimeSpan ahead = newest is { } last ? now - last : now - Released;
        return isConfirmed || ahead <= (newest is null ? LongestUse : LongestPause)
            ? null
            : $"The clock shows {now:u}, {ahead.TotalDays:0} days after " +
                $"{(newest is null ? "the release of this version" : "the newest signature of this relay")}. "
                + "Nothing is signed. If the clock is wrong, set it. If it is right, because the relay was off for so long, " +
                    "start once with --clock-is-right.";
    }

    /// <summary>True when a date lies after the present time by more than clocks differ.</summary>
    public static bool IsAhead(DateTimeOffset date, DateTimeOffset now) => date > now + Tolerance;

    /// <summary>The time of the newest signature; null when there is none, or the file is damaged, which other checks report.</summary>
    /// <param name="timestamp">The bytes of <c>timestamp.json</c>; null when there is none.</param>
    public static DateTimeOffset? ReadNewestSignature(byte[]? timestamp) =>
        timestamp is not null && UntrustedMetadata.Read(timestamp).Value?.Metadata is TimestampMetadata read ? read.Expires - TimestampLife : null;

    /// <summary>As <see cref="ReadNewestSignature"/>, of the repository in a folder.</summary>
    public static DateTimeOffset? NewestSignature(DataFolder folder)
    {
        string path = Path.Combine(folder.Repository, "metadata", MetadataPaths.Timestamp);
        return ReadNewestSignature(File.Exists(path) ? File.ReadAllBytes(path) : null);
    }
}
