namespace Sync.Client.Transport;

/// <summary>What a relay answered to the request for its event stream.</summary>
internal enum EventAnswer
{
    /// <summary>The stream is open.</summary>
    Open,

    /// <summary>The relay has no such route.</summary>
    NotOffered,

    /// <summary>The relay asks for a wait.</summary>
    Busy,

    /// <summary>The relay cannot be reached, or answered something else.</summary>
    Failed,
}

/// <summary>The answer, and the open response. Dispose it to close the stream.</summary>
/// <param name="Why">For the log, where the stream is not open.</param>
internal sealed record EventResponse(EventAnswer Answer, string Why) : IDisposable
{
    /// <summary>Of an open stream.</summary>
    public HttpResponseMessage? Message { get; init; }

    /// <summary>The wait that a busy relay asks for.</summary>
    public TimeSpan Wait { get; init; }

    public void Dispose() => Message?.Dispose();
}
