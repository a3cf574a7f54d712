namespace Relay.Server.Tests.WebConsole;

/// <summary>The form that starts a rollout.</summary>
internal static class StartForms
{
    /// <summary>One that 200 nodes can pass, and whose first stage lasts.</summary>
    public static IReadOnlyList<(string Name, string Value)> Sound { get; } =
    [
        ("channel", "stable"), ("models", "small@2"), ("release", ""), ("stages", "50, 100"), ("minMinutes", "60"), ("maxHours", "24"),
        ("roundSeconds", "600"), ("alpha", "0.05"), ("tolerated", ""), ("minNodes", "10"),
        ("metrics", """{"metrics":[{"name":"failures","kind":"Failures","cap":0.05,"harm":0.005,"passMargin":0.01,"minWhole":20}]}"""),
    ];
}
