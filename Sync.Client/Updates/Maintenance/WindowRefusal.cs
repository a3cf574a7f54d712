namespace Sync.Client.Updates.Maintenance;

/// <summary>Why a text is no maintenance window.</summary>
/// <param name="Detail">What is wrong and what to write, for people.</param>
internal sealed record WindowRefusal(WindowFault Fault, string Detail);

/// <summary>The part of a maintenance window that cannot be read.</summary>
internal enum WindowFault
{
    /// <summary>It is empty, too long, or not in the form of one.</summary>
    Form,

    Days,

    Times,

    /// <summary>This machine does not know the time zone.</summary>
    TimeZone,
}
