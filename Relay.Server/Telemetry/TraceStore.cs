using System.Data.Common;
using System.Diagnostics;
using Dapper;
using Relay.Server.Storage;

namespace Relay.Server.Telemetry;

/// <summary>The newest steps of traces in the database, so that a later process, or one beside this, joins its spans to them. A trace is a help and
/// no record: what cannot be stored or read is left out.</summary>
internal sealed class TraceStore(RelayDatabase database, TimeProvider timeProvider)
{
    private const int MaximumSteps = 1000;

    public void Add(TraceStep step, ActivityContext context) => Try(() => database.Write((connection, transaction) =>
    {
        string flags = context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00";
        connection.Execute(
            "INSERT INTO trace_steps (step, traceparent, at) VALUES (@step, @parent, @now) ON CONFLICT (step) DO NOTHING",
            new { step = step.Name, parent = $"00-{context.TraceId}-{context.SpanId}-{flags}", now = Instant.Now(timeProvider) }, transaction);
        return connection.Execute(
            "DELETE FROM trace_steps WHERE step NOT IN (SELECT step FROM trace_steps ORDER BY at DESC, step DESC LIMIT @MaximumSteps)",
            new { MaximumSteps }, transaction);
    }));

    public void Remove(TraceStep step) => Try(() => database.Write(
        (connection, transaction) => connection.Execute("DELETE FROM trace_steps WHERE step = @Name", new { step.Name }, transaction)));

    public ActivityContext? Find(TraceStep step) => Try(() =>
    {
        using DbConnection connection = database.Open();
        return Read(connection.QuerySingleOrDefault<string>("SELECT traceparent FROM trace_steps WHERE step = @Name", new { step.Name }));
    });

    private static ActivityContext? Read(string? parent) =>
        parent is not null && ActivityContext.TryParse(parent, null, isRemote: true, out ActivityContext context) ? context : null;

    private static T? Try<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DbException)
        {
            return default;
        }
    }
}
