namespace Shared.Contracts.Reports;

/// <summary>The bounds of a <see cref="UsageWindow"/>, for both sides.</summary>
public static class UsageBounds
{
    /// <summary>Maximum windows of a check-in, versions of a window, and reasons of a window.</summary>
    public const int Items = 256;

    /// <summary>Maximum of a count: 2^53, up to which every reader of JSON has whole numbers exactly.</summary>
    public const long Count = 1L << 53;

    /// <summary>Maximum length of a window in seconds: a year.</summary>
    public const int Seconds = 366 * 24 * 60 * 60;

    /// <summary>Label counts; the last one is of all further labels.</summary>
    public const int Labels = 64;

    /// <summary>Maximum bytes of a window that a node writes.</summary>
    public const int WindowBytes = 16 * 1024;

    /// <summary>Bytes of windows in an hour, on average, of a node with the default interval.</summary>
    public const int BytesPerHour = 4096;
}
