namespace Relay.Server.Storage;

/// <summary>What became of a purge.</summary>
internal enum PurgeOutcome
{
    /// <summary>No byte of what was deleted is left in the file or in its log.</summary>
    Done,

    /// <summary>A reader, such as an export, still needs the log: a later purge ends it.</summary>
    BeingRead,

    /// <summary>The disk has no room to write the file anew: a later purge may have it.</summary>
    NoSpace,

    /// <summary>The file was written anew a short time ago: a later purge ends it.</summary>
    NotDue,
}
