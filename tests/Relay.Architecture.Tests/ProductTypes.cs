using System.Reflection;
using System.Runtime.CompilerServices;

namespace Relay.Architecture.Tests;

/// <summary>The types of the built product that stand in its sources: what generators and the compiler make is left out.</summary>
internal static class ProductTypes
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    /// <summary>The types at the top level of their namespaces.</summary>
    public static IReadOnlyList<Type> ReadAll(string project)
    {
        HashSet<string> written = [.. SourceFile.ReadAll(project).SelectMany(file => file.Types, (file, type) => $"{file.Namespace}.{type}")];
        return [.. AssemblyOf(project).GetTypes().Where(type => !type.IsNested && written.Contains(SourceName(type)))];
    }

    /// <summary>The methods and constructors of these types and of the types nested in them.</summary>
    public static IEnumerable<MethodBase> MembersOf(IEnumerable<Type> types) => types
        .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
        .SelectMany(type => type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared))
            .Where(member => !member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && !member.Name.StartsWith('<'))
            .Concat(MembersOf(type.GetNestedTypes(Declared))));

    private static Assembly AssemblyOf(string project) => Assembly.Load(project is "Sync.Node" ? "relay-node" : project);

    private static string SourceName(Type type) =>
        type.FullName!.IndexOf('`', StringComparison.Ordinal) is > 0 and int end ? type.FullName[..end] + "OfT" : type.FullName;
}
