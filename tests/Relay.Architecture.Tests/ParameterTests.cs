using System.Reflection;

namespace Relay.Architecture.Tests;

/// <summary>Parameters that occur everywhere have one name and one place.</summary>
public sealed class ParameterTests
{
    // The name that BackgroundService gives it.
    private const string StoppingToken = "stoppingToken";

    // The ceremony, which follows the token, is optional and seldom given.
    private static readonly string[] TokenIsNotLast = ["Relay.Server.Keys.KeyStore.OpenAsync"];

    [Theory]
    [MemberData(nameof(ProductProjects.Names), MemberType = typeof(ProductProjects))]
    public void CancellationToken_OfEveryMethod_IsLastAndNamedCancellationToken(string project) => Violations.AssertNone(
        from member in ProductTypes.MembersOf(ProductTypes.ReadAll(project))
        where !IsOfCompiler(member)
        let parameters = member.GetParameters()
        where parameters.Count(parameter => parameter.ParameterType == typeof(CancellationToken)) == 1
        from parameter in parameters
        where parameter.ParameterType == typeof(CancellationToken)
            && (parameter.Name is not ("cancellationToken" or StoppingToken)
                || (parameter.Position != parameters.Length - 1 && !TokenIsNotLast.Contains(Name(member))))
        select $"{Name(member)}: {parameter.Name}");

    [Theory]
    [MemberData(nameof(ProductProjects.Names), MemberType = typeof(ProductProjects))]
    public void TimeProvider_OfEveryMethod_IsNamedTimeProvider(string project) => Violations.AssertNone(
        from member in ProductTypes.MembersOf(ProductTypes.ReadAll(project))
        from parameter in member.GetParameters()
        where parameter.ParameterType == typeof(TimeProvider) && parameter.Name is not ("timeProvider" or "TimeProvider" or "value")
        select $"{Name(member)}: {parameter.Name}");

    /// <summary>A factory says what it does: From..., Create or a verb.</summary>
    [Theory]
    [MemberData(nameof(ProductProjects.Names), MemberType = typeof(ProductProjects))]
    public void Methods_AreNotNamedOf(string project) => Violations.AssertNone(
        ProductTypes.MembersOf(ProductTypes.ReadAll(project)).Where(member => member.Name == "Of").Select(Name));

    // The setter of a property names its parameter 'value'; that of a delegate adds parameters behind those that are written.
    private static bool IsOfCompiler(MethodBase member) =>
        member.Name.StartsWith("set_", StringComparison.Ordinal)
        || (member.Name == "BeginInvoke" && member.DeclaringType!.IsSubclassOf(typeof(Delegate)));

    private static string Name(MemberInfo member) => $"{member.DeclaringType?.FullName}.{member.Name}";
}
