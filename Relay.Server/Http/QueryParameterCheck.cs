using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;

namespace Relay.Server.Http;

/// <summary>Refuses query parameters that a route does not have: a misspelt filter would otherwise answer as if it had not been set. The routes of
/// nodes are left out, since a node may be newer than its relay.</summary>
internal static class QueryParameterCheck
{
    private const string PathPrefix = "/v1";

    private static readonly FrozenSet<string> NodePolicies = FrozenSet.Create(
        StringComparer.Ordinal, AccessPolicies.Open, AccessPolicies.Reader, AccessPolicies.Node, AccessPolicies.Contribute);

    private static readonly ConditionalWeakTable<Endpoint, string[]> Parameters = [];

    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.QueryString.HasValue || context.GetEndpoint() is not RouteEndpoint endpoint || !IsForPeople(endpoint))
        {
            return next(context);
        }

        string[] known = Parameters.GetValue(endpoint, static found => ParametersOf((RouteEndpoint)found));
        string[] unknown = [.. context.Request.Query.Keys.Where(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase))];
        return unknown.Length > 0 ? RelayProblems.UnknownParameters(unknown, known).ExecuteAsync(context)
            : FindMalformed(endpoint, context.Request.Query) is { } malformed ? malformed.ExecuteAsync(context)
            : next(context);
    }

    /// <summary>What the framework could not read, which it would refuse without a word.</summary>
    private static ProblemHttpResult? FindMalformed(RouteEndpoint endpoint, IQueryCollection query) =>
        (from parameter in endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
         where IsOfQuery(parameter, endpoint)
         let expected = FindExpected(parameter.ParameterInfo.ParameterType, query[NameOf(parameter)])
         where expected is not null
         select RelayProblems.MalformedRequest($"The parameter '{NameOf(parameter)}' takes {expected}. Correct it, or leave it out."))
        .FirstOrDefault();

    /// <summary>What a parameter of this type takes; null where it takes the value.</summary>
    private static string? FindExpected(Type type, StringValues values) =>
        values.Any(value => value?.Contains('\0') == true) ? "a text without the character NUL"
        : values is not [{ Length: > 0 } text, ..] ? null
        : (Nullable.GetUnderlyingType(type) ?? type) switch
        {
            var number when number == typeof(int) =>
                int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : "a whole number",
            var number when number == typeof(long) =>
                long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : "a whole number",
            var flag when flag == typeof(bool) => bool.TryParse(text, out _) ? null : "true or false",
            var instant when instant == typeof(DateTimeOffset) =>
                DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
                    ? null
                    : "a time such as 2026-01-31T12:00:00Z",
            _ => null,
        };

    private static string NameOf(IParameterBindingMetadata parameter) =>
        parameter.ParameterInfo.GetCustomAttribute<FromQueryAttribute>()?.Name ?? parameter.Name;

    /// <summary>The names of the query parameters that the handler of a route takes.</summary>
    internal static string[] ParametersOf(RouteEndpoint endpoint) =>
    [
        .. endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
            .Where(parameter => IsOfQuery(parameter, endpoint))
            .Select(NameOf)
            .Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    private static bool IsForPeople(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.RawText is { } path
        && $"/{path.TrimStart('/')}/".StartsWith($"{PathPrefix}/", StringComparison.Ordinal)
        && !endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(data => data.Policy is null || NodePolicies.Contains(data.Policy));

    /// <summary>As the framework decides: what is not of the path, and text or readable from text.</summary>
    private static bool IsOfQuery(IParameterBindingMetadata parameter, RouteEndpoint endpoint)
    {
        ParameterInfo info = parameter.ParameterInfo;
        return info.IsDefined(typeof(FromQueryAttribute))
            || (endpoint.RoutePattern.GetParameter(parameter.Name) is null
                && !info.GetCustomAttributes().Any(mark =>
                    mark is IFromHeaderMetadata or IFromRouteMetadata or IFromBodyMetadata or IFromFormMetadata or IFromServiceMetadata)
                && (parameter.HasTryParse || info.ParameterType == typeof(string) || info.ParameterType == typeof(string[])
                    || info.ParameterType == typeof(StringValues)));
    }
}
