namespace Relay.WebConsole.Components;

/// <summary>How a state is to be taken.</summary>
public enum Tone
{
    /// <summary>Neither good nor bad.</summary>
    Plain,

    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Something moves, and ends by itself.</summary>
    Busy,

    /// <summary>Somebody should look at it.</summary>
    Warning,

    /// <summary>Something is wrong.</summary>
    Bad,
}
