namespace Sync.Client.OnnxRuntime.Tests.Fuzz;

/// <summary>Runs alone: it measures what stays on the heap.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FuzzTests
{
    public const string Name = "Fuzz";
}
