using FsCheck;
using FsCheck.Fluent;

namespace Relay.TestKit.Fuzz;

/// <summary>Feeds altered inputs to a property and reports the smallest failing one with the seed that makes it again.</summary>
public static class FuzzRun
{
    /// <summary>So many times more inputs under <c>./test --long</c>.</summary>
    private const int LongFactor = 50;

    /// <summary>Managed memory that all inputs of a run together may leave behind, in bytes.</summary>
    private const long MemoryLeft = 8 << 20;
    private const int WarmUp = 300;
    private const int MaxMutations = 4;

    /// <param name="inputs">How many, in a short run.</param>
    /// <param name="valid">What is altered; each input is one of these.</param>
    /// <param name="check">Gets the index of the valid input and what was made of it; throws when the product fails.</param>
    /// <param name="longFactor">How many times more under <c>./test --long</c>.</param>
    /// <exception cref="InvalidOperationException">Memory grew.</exception>
    public static void ForAll(int inputs, Mutator mutate, IReadOnlyList<byte[]> valid, Action<int, byte[]> check, int longFactor = LongFactor)
    {
        bool isLong = Environment.GetEnvironmentVariable("RELAY_TEST_LONG") is "1";
        Property property = Prop.ForAll(Cases(valid.Count), one => check(one.Input, one.Apply(mutate, valid[one.Input])));
        Run(property, WarmUp);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Run(property, isLong ? inputs * longFactor : inputs);
        long left = GC.GetTotalMemory(forceFullCollection: true) - before;
        if (left > MemoryLeft)
        {
            throw new InvalidOperationException($"{left} bytes stayed behind after all inputs");
        }
    }

    // The message of a failure names the case, made as small as it goes, and its seed; RELAY_FUZZ_SEED="seed,gamma" runs that again.
    private static void Run(Property property, int inputs)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(inputs).WithQuietOnSuccess(true);
        if (Environment.GetEnvironmentVariable("RELAY_FUZZ_SEED")?.Split(',') is [string seed, string gamma])
        {
            config = config.WithReplay(ulong.Parse(seed), ulong.Parse(gamma));
        }

        property.Check(config);
    }

    private static Arbitrary<FuzzCase> Cases(int validInputs)
    {
        Gen<int> number = Gen.Choose(0, int.MaxValue - 1);
        Gen<Mutation> mutation = from kind in number from at in number from with in number select new Mutation(kind, at, with);
        Gen<FuzzCase> cases =
            from input in Gen.Choose(0, validInputs - 1)
            from count in Gen.Choose(1, MaxMutations)
            from mutations in Gen.ArrayOf(mutation, count)
            select new FuzzCase(input, mutations);
        return Arb.From(cases, FewerMutations);
    }

    private static IEnumerable<FuzzCase> FewerMutations(FuzzCase failing) => failing.Mutations.Length == 1
        ? []
        : Enumerable.Range(0, failing.Mutations.Length).Select(
            left => failing with { Mutations = [.. failing.Mutations.Where((_, i) => i != left)] });

    private sealed record FuzzCase(int Input, Mutation[] Mutations)
    {
        public byte[] Apply(Mutator mutate, byte[] valid) => Mutations.Aggregate(valid, (bytes, mutation) => mutate(bytes, mutation));

        public override string ToString() => $"input {Input}: {string.Join(" then ", Mutations)}";
    }
}
