using System.Reflection;
using System.Runtime.Loader;

namespace AttackList;

/// <summary>Which tests say, by the trait <c>Attack</c>, that they cover which attack.</summary>
internal sealed class Coverage
{
    private const string TraitName = "Attack";
    private const string TraitType = "Xunit.TraitAttribute";
    private static readonly string[] TestTypes = ["Xunit.FactAttribute", "Xunit.TheoryAttribute"];
    private readonly Dictionary<string, List<string>> _tests = new(StringComparer.Ordinal);

    /// <summary>Ids that tests name, known or not.</summary>
    public IEnumerable<string> Ids => _tests.Keys;

    /// <summary>Reads the tests of an assembly that was built, by reflection: nothing in it runs.</summary>
    public void Add(string assemblyFile)
    {
        AssemblyLoadContext context = new(assemblyFile);
        string folder = Path.GetDirectoryName(assemblyFile)!;
        context.Resolving += (own, name) =>
            Path.Combine(folder, name.Name + ".dll") is var file && File.Exists(file) ? own.LoadFromAssemblyPath(file) : null;
        Assembly assembly = context.LoadFromAssemblyPath(assemblyFile);
        foreach (Type type in assembly.GetTypes())
        {
            foreach (MethodInfo method in type.GetMethods().Where(IsTest))
            {
                foreach (string id in IdsOf(method))
                {
                    Of(id).Add($"{type.FullName}.{method.Name}");
                }
            }
        }
    }

    public IReadOnlyList<string> TestsOf(string id) => _tests.GetValueOrDefault(id, []);

    private static bool IsTest(MethodInfo method) =>
        method.CustomAttributes.Any(attribute => TestTypes.Contains(attribute.AttributeType.FullName));

    private static IEnumerable<string> IdsOf(MethodInfo method) => method.CustomAttributes
        .Where(attribute => attribute.AttributeType.FullName == TraitType)
        .Select(attribute => attribute.ConstructorArguments)
        .Where(arguments => arguments is [{ Value: TraitName }, { Value: string }])
        .Select(arguments => (string)arguments[1].Value!);

    private List<string> Of(string id)
    {
        if (!_tests.TryGetValue(id, out List<string>? tests))
        {
            _tests.Add(id, tests = []);
        }

        return tests;
    }
}
