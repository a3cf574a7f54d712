namespace Relay.Architecture.Tests;

/// <summary>Types are internal and sealed unless they are promised to users or made to be derived from.</summary>
public sealed class TypeTests
{
    private const string TestKit = "the public types of Relay.TestKit, which all test projects share, hold them";

    // Namespaces whose types may be public, and why. "*" stands for the namespaces below.
    private static readonly Dictionary<string, string> PublicNamespaces = new(StringComparer.Ordinal)
    {
        ["Shared.Contracts.*"] = "what relay and nodes say to each other",
        ["Sync.Client"] = "the API of a node",
        ["Sync.Client.Pools"] = "the shape of ML.NET's PredictionEnginePool",
        ["Sync.Client.Testing"] = "a model for the unit tests of an app",
        ["Sync.Client.AspNetCore"] = "what a web app writes",
        ["Sync.Client.OnnxRuntime"] = "adds ONNX Runtime to a node",
        ["Relay.AdminClient.*"] = "the API of programs that operate a relay",
        ["Relay.Training.*"] = "the API of training for the relay, and what its results hold",
        ["Relay.WebConsole.*"] = "a component of Razor is public, and so are its parameters",
        ["Relay.Server"] = TestKit,
        ["Relay.Server.Keys"] = TestKit,
        ["Relay.Server.Repository.*"] = TestKit,
        ["Relay.Server.Signing.*"] = TestKit,
    };

    // Public types elsewhere, and why.
    private static readonly Dictionary<string, string> PublicTypes = new(StringComparer.Ordinal)
    {
    };

    // Classes that are neither sealed nor abstract nor static, and why.
    private static readonly Dictionary<string, string> OpenClasses = new(StringComparer.Ordinal)
    {
    };

    [Theory]
    [MemberData(nameof(ProductProjects.Names), MemberType = typeof(ProductProjects))]
    public void Types_OutsideOfPromisedNamespaces_AreInternal(string project) => Violations.AssertNone(
        ProductTypes.ReadAll(project).Where(type => type.IsPublic && !IsPromised(type.Namespace!)).Select(type => type.FullName!)
            .Except(PublicTypes.Keys, StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(ProductProjects.Names), MemberType = typeof(ProductProjects))]
    public void Classes_AreSealedAbstractOrStatic(string project) => Violations.AssertNone(
        ProductTypes.ReadAll(project).Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false }).Select(type => type.FullName!)
            .Except(OpenClasses.Keys, StringComparer.Ordinal));

    [Fact]
    public void Exceptions_EachStillExists()
    {
        Type[] types = [.. ProductProjects.All.SelectMany(ProductTypes.ReadAll)];

        Assert.All(PublicTypes.Keys, name => Assert.Contains(types, type => type.FullName == name && type.IsPublic));
        Assert.All(OpenClasses.Keys, name => Assert.Contains(types, type => type.FullName == name && type is { IsSealed: false, IsAbstract: false }));
    }

    private static bool IsPromised(string name) => PublicNamespaces.Keys.Any(pattern =>
        pattern.EndsWith(".*", StringComparison.Ordinal) ? (name + ".").StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern);
}
