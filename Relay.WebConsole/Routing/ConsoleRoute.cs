namespace Relay.WebConsole.Routing;

/// <summary>Marks the routes of the console, which are not those of the API.</summary>
internal sealed class ConsoleRoute
{
    public static ConsoleRoute Instance { get; } = new();
}
