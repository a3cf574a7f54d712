using Microsoft.Extensions.Logging;

namespace Sync.Client.Reports;

/// <summary>The log messages of a node.</summary>
/// <remarks>Values are passed as objects, in the order of the message: the library for C would hold the code that formats a message once for each
/// combination of types, some 40 KB more.</remarks>
internal static partial class SyncLog
{
    [LoggerMessage(1, LogLevel.Information, "Release {Release} is active: {Models} ({Cause})")]
    public static partial void Activated(this ILogger logger, object release, string models, object cause);

    [LoggerMessage(2, LogLevel.Warning, "Refused {Subject}: {Reason}, {Detail}")]
    public static partial void Refused(this ILogger logger, string subject, object reason, string detail);

    [LoggerMessage(15, LogLevel.Error, "{Reason}: {Detail} ({Subject}); this node keeps serving what it can, and each update tries again")]
    public static partial void FaultBegan(this ILogger logger, object reason, string detail, string subject);

    [LoggerMessage(16, LogLevel.Information, "Over after {Length}: {Reason} of {Subject}")]
    public static partial void RefusalEnded(this ILogger logger, object length, string reason, string subject);

    [LoggerMessage(17, LogLevel.Information, "The metadata are valid again, until {ExpiresAt:u}")]
    public static partial void NoLongerStale(this ILogger logger, object expiresAt);

    [LoggerMessage(3, LogLevel.Error, "STALE: the metadata expired at {ExpiresAt:u}; this node keeps serving the active " +
        "release and accepts no new one")]
    public static partial void Stale(this ILogger logger, object expiresAt);

    [LoggerMessage(4, LogLevel.Error, "Release {Release} may not be served any more ({Reason}, {Detail}); this node returns to the " +
        "last good release in its store")]
    public static partial void Withdrawn(this ILogger logger, object release, object reason, string detail);

    [LoggerMessage(5, LogLevel.Information, "The store holds no release to restore: {Detail}")]
    public static partial void NothingStored(this ILogger logger, string detail);

    [LoggerMessage(6, LogLevel.Warning, "The relay is older than this node and refused its check-in ({Why}); check-ins go without: {Left}")]
    public static partial void OlderRelay(this ILogger logger, string why, string left);

    [LoggerMessage(7, LogLevel.Error, "An update failed unexpectedly; this node keeps serving the active release, and the next update tries again")]
    public static partial void UpdateFailed(this ILogger logger, Exception exception);

    [LoggerMessage(8, LogLevel.Information, "The relay has released nothing on channel '{Channel}' yet: publish a release to it " +
        "('relay publish MODEL@VERSION --channel {Channel} --new-channel'), or set {Option} to one that the relay has")]
    public static partial void NothingPublished(this ILogger logger, string channel, string option);

    [LoggerMessage(9, LogLevel.Warning, "The new release is active, but files of an earlier one could not be deleted; " +
        "the next activation tries again")]
    public static partial void OldFilesStay(this ILogger logger, Exception exception);

    [LoggerMessage(10, LogLevel.Information, "Artifact {Sha256} left quarantine; the next update tries it out again")]
    public static partial void Lifted(this ILogger logger, string sha256);

    [LoggerMessage(11, LogLevel.Error, "An event handler threw an exception; updates are not affected")]
    public static partial void HandlerFailed(this ILogger logger, Exception exception);

    [LoggerMessage(12, LogLevel.Information, "Steering is now: {Steering}")]
    public static partial void Steered(this ILogger logger, object steering);

    [LoggerMessage(13, LogLevel.Warning, "Release {Release}, to which this node was pinned, may not be served any more; the " +
        "node follows its channel again")]
    public static partial void PinDropped(this ILogger logger, object release);

    [LoggerMessage(18, LogLevel.Information, "Release {Release} passed every check and becomes active when the maintenance window opens, at " +
        "{OpensAt:yyyy-MM-dd HH:mm zzz}")]
    public static partial void WaitsForWindow(this ILogger logger, object release, object opensAt);

    [LoggerMessage(21, LogLevel.Warning, "The next release with another schema of '{Model}' will be accepted")]
    public static partial void NextSchemaAccepted(this ILogger logger, string model);

    [LoggerMessage(22, LogLevel.Information, "The relay has enrolled this node as '{Node}': its requests are signed with the key in its store")]
    public static partial void Enrolled(this ILogger logger, string node);

    [LoggerMessage(30, LogLevel.Information, "The relay's event stream is open: changes arrive at once, and polls are further apart")]
    public static partial void EventStreamOpen(this ILogger logger);

    [LoggerMessage(31, LogLevel.Information, "The relay's event stream ended ({Why}); this node polls until it is open again")]
    public static partial void EventStreamEnded(this ILogger logger, string why);

    [LoggerMessage(32, LogLevel.Information, "The relay offers no event stream; this node polls")]
    public static partial void NoEventStream(this ILogger logger);

    [LoggerMessage(33, LogLevel.Debug, "An event '{Type}' of the relay cannot be read and is ignored")]
    public static partial void EventIgnored(this ILogger logger, string type);

    [LoggerMessage(34, LogLevel.Warning, "The clock of this node says {OwnTime:u} and that of the relay {RelayTime:u}: set the wrong one. Metadata " +
        "expire by the clock of the node")]
    public static partial void ClockDiffers(this ILogger logger, object ownTime, object relayTime);

    [LoggerMessage(14, LogLevel.Error, "No release is active: the last one may not be served, and the store holds no other that may")]
    public static partial void NothingActive(this ILogger logger);
}
