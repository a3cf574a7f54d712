using Relay.Server;
using Shared.Contracts;

namespace Relay.TestKit.Trust;

/// <summary>Outcomes that a test relies on.</summary>
public static class ResultExtensions
{
    /// <summary>The value; fails the test when the relay refused.</summary>
    public static async Task<TValue> AcceptedAsync<TValue, TRefusal>(this Task<Result<TValue, TRefusal>> task)
        where TValue : class
        where TRefusal : class
    {
        Result<TValue, TRefusal> result = await task;
        return result.IsAccepted ? result.Value : throw new InvalidOperationException($"Refused: {result.Refusal}");
    }

    /// <summary>The refusal; fails the test when the relay did what was asked.</summary>
    public static async Task<TRefusal> RefusedAsync<TValue, TRefusal>(this Task<Result<TValue, TRefusal>> task)
        where TValue : class
        where TRefusal : class
    {
        Result<TValue, TRefusal> result = await task;
        return result.IsAccepted ? throw new InvalidOperationException($"Not refused: {result.Value}") : result.Refusal;
    }
}
