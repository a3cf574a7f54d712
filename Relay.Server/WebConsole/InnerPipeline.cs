namespace Relay.Server.WebConsole;

/// <summary>What answers the requests of this process to itself: all that a request from outside passes.</summary>
internal sealed class InnerPipeline
{
    private RequestDelegate? _next;

    /// <summary>Set when the routes are built, before the first request.</summary>
    public RequestDelegate Next
    {
        get => _next ?? throw new InvalidOperationException("The pipeline is not built.");
        set => _next = value;
    }
}
