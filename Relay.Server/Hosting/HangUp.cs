namespace Relay.Server.Hosting;

/// <summary>What SIGHUP means: a terminal that was closed, or, to a process without one, that it is to read its files again.</summary>
internal static class HangUp
{
    private static Action? _reload;

    /// <summary>The signal reloads until the result is disposed, unless a terminal gives the process its input.</summary>
    public static IDisposable Reload(Action reload)
    {
        _reload = Console.IsInputRedirected ? reload : null;
        return new Registration();
    }

    /// <returns>False where the process is to stop.</returns>
    public static bool TryReload()
    {
        Action? reload = _reload;
        reload?.Invoke();
        return reload is not null;
    }

    private sealed class Registration : IDisposable
    {
        public void Dispose() => _reload = null;
    }
}
