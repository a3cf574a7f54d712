using System.Reflection;

namespace Relay.Training.Engines;

/// <summary>Versions of engines, as their assemblies have them.</summary>
internal static class EngineVersions
{
    public static string FromAssembly(Assembly assembly) => assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version!.ToString();
}
