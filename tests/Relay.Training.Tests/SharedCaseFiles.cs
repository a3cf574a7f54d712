using Relay.TestKit;
using Shared.Contracts.Models;

namespace Relay.Training.Tests;

/// <summary>Files of the shared cases, for tests that skip where they are missing.</summary>
internal static class SharedCaseFiles
{
    public static string Path(string name)
    {
        Assert.SkipUnless(SharedCases.File(name) is not null, SharedCases.Missing);
        return SharedCases.File(name)!;
    }

    public static ModelSpec Spec(string name) => ModelSpecParser.Parse(File.ReadAllBytes(Path($"{name}.json")));
}
