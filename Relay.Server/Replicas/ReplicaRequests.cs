namespace Relay.Server.Replicas;

/// <summary>What a replica does with a request: its own relay answers it while that works, else the one elsewhere that does.</summary>
internal sealed class ReplicaRequests(RequestForwarder forwarder, IHostApplicationLifetime lifetime)
{
    private const string Live = "/health/live";

    private volatile WorkingRelay? _working;

    /// <summary>The relay in this process that works; null: none does.</summary>
    public WorkingRelay? Working => _working;

    /// <summary>Sets the relay in this process that works; null: none does.</summary>
    public void Use(WorkingRelay? working) => _working = working;

    public Task AnswerAsync(HttpContext context)
    {
        WorkingRelay? working = _working;
        bool isPassedOn = ReplicaHeaders.IsPassedOn(context.Request);
        if (isPassedOn && (working is null || !ReplicaHeaders.TryAccept(context, working.Active)))
        {
            return RefuseAsync(context);
        }

        ReplicaHeaders.Remove(context.Request.Headers);
        if (TryAnswer(context) is { } answer)
        {
            return answer;
        }

        // What was passed on is not passed on again: two replicas could send it to and fro.
        return isPassedOn ? RefuseAsync(context)
            : HttpMethods.IsGet(context.Request.Method) && context.Request.Path == Live ? AnswerLiveAsync(context)
            : forwarder.SendAsync(context, TryAnswer, lifetime.ApplicationStopping);
    }

    private Task? TryAnswer(HttpContext context) => _working?.TryProcess(context.Features);

    // A replica that waits lives: nothing should restart it because another one is busy.
    private static Task AnswerLiveAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync("""{"status":"live","warnings":[]}""");
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers[ReplicaHeaders.NotActive] = "1";
        return ReplicaProblems.NotActive().ExecuteAsync(context);
    }
}
