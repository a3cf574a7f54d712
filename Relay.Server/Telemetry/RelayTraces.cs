using System.Diagnostics;

namespace Relay.Server.Telemetry;

/// <summary>Joins into one trace what follows from one request, though others ask for the later steps: training run, signature, publication, first
/// report. The newest 1,000 steps are in the database, since a later process may take the next one. Without an exporter nothing is
/// kept.</summary>
/// <param name="store">Null: steps are known to this process only.</param>
internal sealed class RelayTraces(TraceStore? store = null)
{
    public static readonly ActivitySource Source = new("Relay.Server");

    private const int MaximumSteps = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<TraceStep, ActivityContext> _steps = [];
    private readonly Queue<TraceStep> _oldest = [];
    private readonly HashSet<TraceStep> _asked = [];

    /// <summary>Runs work in a span, which ends as failed where the work throws.</summary>
    public static T Run<T>(string name, Func<T> work)
    {
        using Activity? span = Source.StartActivity(name);
        try
        {
            return work();
        }
        catch (Exception e)
        {
            Fail(span, e.GetType().Name);
            throw;
        }
    }

    /// <inheritdoc cref="Run{T}"/>
    public static void Run(string name, Action work) => Run(name, () =>
    {
        work();
        return true;
    });

    /// <summary>Marks a span as failed.</summary>
    /// <param name="error">A word of a fixed list, by which traces are found, and no text.</param>
    public static void Fail(Activity? span, string error) => span?.SetStatus(ActivityStatusCode.Error, error).SetTag("error.type", error);

    /// <summary>Starts a span that follows a step; where the step is unknown, one of the present request.</summary>
    /// <returns>Null where no one listens.</returns>
    public Activity? StartAfter(string name, params IReadOnlyList<TraceStep> steps) =>
        Source.HasListeners() ? Start(name, FindAll(steps)) : null;

    /// <summary>Starts a span for the first that follows a step.</summary>
    /// <returns>Null for all others, and where no one listens.</returns>
    public Activity? StartFirstAfter(string name, TraceStep step) =>
        Source.HasListeners() && TryTake(step) is { } origin ? Start(name, [origin]) : null;

    /// <summary>Notes the span in which a step is made.</summary>
    public void Note(TraceStep step, Activity? span)
    {
        if (span is not { Recorded: true } || !Source.HasListeners())
        {
            return;
        }

        Remember(step, span.Context);
        store?.Add(step, span.Context);
    }

    // A span has one parent. The request that asked for it, and other steps that it follows, are links, and the request links to it.
    private static Activity? Start(string name, ActivityContext[] origins)
    {
        if (origins.Length == 0)
        {
            return Source.StartActivity(name);
        }

        Activity? request = Activity.Current;
        ActivityLink[] links = [.. origins.Skip(1).Select(origin => new ActivityLink(origin))];
        Activity? span = Source.StartActivity(
            name, ActivityKind.Internal, origins[0], links: request is null ? links : [.. links, new ActivityLink(request.Context)]);
        if (span is not null)
        {
            request?.AddLink(new ActivityLink(span.Context));
        }

        return span;
    }

    private void Remember(TraceStep step, ActivityContext context)
    {
        lock (_gate)
        {
            if (_steps.TryAdd(step, context))
            {
                _oldest.Enqueue(step);
            }

            if (_oldest.Count > MaximumSteps)
            {
                _steps.Remove(_oldest.Dequeue());
            }
        }
    }

    private ActivityContext[] FindAll(IReadOnlyList<TraceStep> steps) => [.. steps.Select(Find).OfType<ActivityContext>()];

    private ActivityContext? Find(TraceStep step)
    {
        lock (_gate)
        {
            if (_steps.TryGetValue(step, out ActivityContext known))
            {
                return known;
            }
        }

        return store?.Find(step);
    }

    private ActivityContext? TryTake(TraceStep step)
    {
        bool isKnown;
        ActivityContext known;
        lock (_gate)
        {
            isKnown = _steps.Remove(step, out known);
            if (_asked.Count >= MaximumSteps)
            {
                _asked.Clear();
            }

            // Each report of a node comes here: the database is asked once for a step.
            if (!_asked.Add(step) && !isKnown)
            {
                return null;
            }
        }

        ActivityContext? found = isKnown ? known : store?.Find(step);
        if (found is not null)
        {
            store?.Remove(step);
        }

        return found;
    }
}
