using System.Runtime.CompilerServices;

namespace Sync.Client;

/// <summary>The names by which the user of this program sets the options of a node. Messages say what to set by them: an app has the properties
/// of <see cref="RelaySyncOptions"/>, relay-node has <c>--store</c> where an app has <c>StoreFolder</c>, and the C library the option 'store'.
/// </summary>
internal static class OptionNames
{
    private static IReadOnlyDictionary<string, string> _names = new Dictionary<string, string>();

    /// <summary>True in an app, whose developer may be told to write code.</summary>
    public static bool AreProperties => _names.Count == 0;

    public static string AirGapped => Get();

    public static string Budgets => Get();

    public static string Channel => Get();

    public static string EnrollmentTokenFile => Get();

    public static string Explanations => Get();

    public static string MaintenanceWindow => Get();

    public static string MirrorTlsRoot => Get();

    public static string Mirrors => Get();

    public static string Models => Get();

    public static string NodeId => Get();

    public static string PollInterval => Get();

    public static string Proxy => Get();

    public static string RedirectHosts => Get();

    public static string Relay => Get();

    public static string Require => Get();

    public static string StoreFolder => Get();

    public static string TlsRoot => Get();

    public static string TrustedRoot => Get();

    /// <summary>Names the options of this process otherwise than by their properties.</summary>
    /// <param name="names">By the name of the property; a property without a name keeps its own.</param>
    public static void Use(IReadOnlyDictionary<string, string> names) => _names = names;

    private static string Get([CallerMemberName] string property = "") => _names.GetValueOrDefault(property, property);
}
