using Microsoft.Extensions.Logging;

namespace Sync.Client.AspNetCore.Scoring;

/// <summary>The log messages of threat scoring.</summary>
internal static partial class ThreatLog
{
    [LoggerMessage(1, LogLevel.Warning, "{Action} of {Client}: {Method} {Target} is {Label} with score {Score:F3} by version {Version}; {Dropped} " +
        "lines before were dropped")]
    public static partial void Scored(
        this ILogger logger, ThreatAction action, System.Net.IPAddress client, string method, string target, string label, float score, int version,
        int dropped);

    [LoggerMessage(2, LogLevel.Warning, "{Action} of {Client}: {Method} {Target} could not be scored: {Fault}; {Dropped} lines before were dropped")]
    public static partial void Unscored(
        this ILogger logger, ThreatAction action, System.Net.IPAddress client, string method, string target, string fault, int dropped);

    [LoggerMessage(3, LogLevel.Error, "The policy of {Endpoint} challenges, and the app has no IThreatChallenge: the request is blocked")]
    public static partial void NoChallenge(this ILogger logger, string? endpoint);
}
