using System.Data.Common;
using Relay.Server.Fleet.Identity;
using Relay.Server.Storage;

namespace Relay.Server.Fleet.Enrollment;

/// <summary>Enrolls nodes: the relay then knows each by its key.</summary>
internal sealed partial class NodeEnroller(
    RelayDatabase database, DatabaseWriter writer, NodeLimits limits, TimeProvider timeProvider, ILogger<NodeEnroller> logger)
{
    /// <summary>Refusals in the log are this far apart: those of strangers must not fill it.</summary>
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(1);

    private long _loggedAt = long.MinValue;
    private long _unlogged;

    public NodeLimits Limits => limits;

    /// <param name="key">Its holder has signed the request.</param>
    /// <param name="token">The text of an enrollment token.</param>
    public async Task<EnrollmentOutcome> EnrollAsync(string node, NodePublicKey key, string token)
    {
        byte[] hash = EnrollmentTokens.Hash(token);

        // A look first: without a token, strangers cannot keep the writer busy.
        EnrollmentOutcome outcome = Look(node, key, hash);
        if (outcome == EnrollmentOutcome.Enrolled)
        {
            outcome = await writer.WriteAsync((connection, transaction) =>
                new EnrollmentTable(connection, transaction, limits, Instant.Now(timeProvider)).Enroll(node, key, hash));
        }

        Log(node, outcome);
        return outcome;
    }

    private EnrollmentOutcome Look(string node, NodePublicKey key, byte[] tokenHash)
    {
        using DbConnection connection = database.Open();
        return new EnrollmentTable(connection, null, limits, Instant.Now(timeProvider)).Check(node, key, tokenHash);
    }

    private void Log(string node, EnrollmentOutcome outcome)
    {
        if (outcome is EnrollmentOutcome.Enrolled)
        {
            LogEnrolled(logger, node);
            return;
        }

        if (outcome is EnrollmentOutcome.AlreadyEnrolled)
        {
            return;
        }

        long last = Interlocked.Read(ref _loggedAt);
        long now = timeProvider.GetTimestamp();
        if ((last != long.MinValue && timeProvider.GetElapsedTime(last, now) < LogInterval)
            || Interlocked.CompareExchange(ref _loggedAt, now, last) != last)
        {
            Interlocked.Increment(ref _unlogged);
            return;
        }

        LogRefused(logger, node, outcome, Interlocked.Exchange(ref _unlogged, 0));
    }

    [LoggerMessage(1400, LogLevel.Information, "Node {Node} has enrolled")]
    private static partial void LogEnrolled(ILogger log, string node);

    [LoggerMessage(1401, LogLevel.Warning, "Node {Node} was not enrolled: {Outcome}; refusals before it that are not in the log: {Unlogged}")]
    private static partial void LogRefused(ILogger log, string node, EnrollmentOutcome outcome, long unlogged);
}
