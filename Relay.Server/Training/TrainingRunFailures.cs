using System.Data.Common;
using System.Globalization;
using Relay.Server.Webhooks;
using Shared.Contracts.Api;

namespace Relay.Server.Training;

/// <summary>The event that webhooks receive of a training run that failed.</summary>
internal static class TrainingRunFailures
{
    /// <param name="now">Milliseconds since 1970.</param>
    public static void AddEvent(
        DbConnection connection, DbTransaction transaction, long run, string model, TrainingProblem problem, long now)
    {
        WebhookEventData data = new() { Model = model, TrainingRun = run, Reason = problem.Fault, Detail = problem.Detail };
        string subject = string.Create(CultureInfo.InvariantCulture, $"training-runs/{run}");
        WebhookEventTable.Append(connection, transaction, WebhookEvents.TrainingRunFailed, subject, data, now);
    }
}
