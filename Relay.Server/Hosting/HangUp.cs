namespace Relay.Server.Hosting;

/// <summary>What SIGHUP means: a terminal that was closed, or, to a process without one, that it is to read its files again.</summary>
internal static class HangUp
{
    private static Action? _reload;

    /// <summary>From here on the signal reloads, unless a terminal gives the process its input.</summary>
    public static void Reload(Action reload)
    {
        if (Console.IsInputRedirected)
        {
            _reload = reload;
        }
    }

    /// <returns>False where the process is to stop.</returns>
    public static bool TryReload()
    {
        _reload?.Invoke();
        return _reload is not null;
    }

    /// <summary>The signal stops the process again.</summary>
    public static void Reset() => _reload = null;
}
