using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.OnnxRuntime;
using Shared.Contracts.Models;
using Shared.Scoring;
using Shared.Scoring.Explaining;
using Sync.Client.Scoring.TypedRows;

namespace Sync.Client.Scoring;

/// <summary>One version of a model that answers. Callers enter, ask and leave; retiring it frees what runs it once the last one has
/// left. Checks what goes in and what comes out; the answers of a task are made of the numbers by its reader.</summary>
internal sealed class ModelScorer
{
    // Rows scored at a time when the caller does not want the numbers themselves.
    private const int BlockRows = 256;
    private const int StackNumbers = 256;

    private readonly IRowScorer _scorer;
    private readonly Lease _lease;
    private readonly int _width;
    private readonly int _categoryCount;
    private readonly bool _passesMissingOn;
    private readonly RequiredInputs? _required;
    private readonly ClassReader? _classes;
    private readonly AnomalyReader? _anomalies;
    private readonly ValueReader? _values;
    private volatile ShadowTap? _tap;
    private long _failures;
    private long _answeredBefore;
    private long _failedBefore;

    /// <param name="scorer">Disposed of when it is retired and the last call has left.</param>
    public ModelScorer(IRowScorer scorer, ActiveModelVersion version)
    {
        _scorer = scorer;
        version = version with { Scorer = scorer is ManagedScorer ? ScorerKind.Managed : ScorerKind.OnnxRuntime };
        Version = version;
        _width = version.Schema.Inputs.Count(c => c.Type == ColumnType.Number);
        _categoryCount = version.Schema.Inputs.Count - _width;
        OutputWidth = version.Schema.OutputWidth;
        _required = RequiredInputs.Of(version);
        _passesMissingOn = version.Schema.Task is ModelTask.Scaling;
        _classes = version.Schema.Task is ModelTask.Classification ? new ClassReader(version) : null;
        _anomalies = version.Schema.Task is ModelTask.AnomalyDetection ? new AnomalyReader(version) : null;
        _values = version.Schema.Task is ModelTask.Regression ? new ValueReader(version) : null;
        _lease = new Lease(scorer.Dispose);
    }

    public ActiveModelVersion Version { get; }

    /// <summary>How typed rows are read into the inputs of this version. Set before it answers.</summary>
    public RowReaders Rows { get; set; } = RowReaders.None;

    /// <summary>Takes answers apart, or says why that is not possible. Set before it answers.</summary>
    public (ForestExplainer? Explainer, string WhyNot) Explaining { get; set; } = (null, "set RelaySyncOptions.Explanations");

    /// <summary>Numbers per row of the numeric output.</summary>
    public int OutputWidth { get; }

    /// <summary>Rows answered since it was activated.</summary>
    public long Predictions => _scorer.Scored - _answeredBefore;

    /// <summary>Calls that ended in <see cref="RelayModelFault.ScorerFailed"/> since it was activated.</summary>
    public long Failures => Interlocked.Read(ref _failures) - _failedBefore;

    public AnswerReader<Prediction> Classes => _classes ?? ThrowTask<AnswerReader<Prediction>>();

    public AnswerReader<AnomalyScore> Anomalies => _anomalies ?? ThrowTask<AnswerReader<AnomalyScore>>();

    public AnswerReader<PredictedValue> Values => _values ?? ThrowTask<AnswerReader<PredictedValue>>();

    /// <summary>Leaves the try-out out of the counts.</summary>
    public void StartCounting() => (_answeredBefore, _failedBefore) = (_scorer.Scored, Interlocked.Read(ref _failures));

    /// <param name="entry">What to leave with.</param>
    public bool TryEnter(out ThreadSlot? entry) => _lease.TryEnter(out entry);

    public void Leave(ThreadSlot? entry) => _lease.Leave(entry);

    public void Retire() => _lease.Retire();

    /// <summary>Lets copies of calls be taken from now on.</summary>
    public ShadowTap Tap() => _tap = new ShadowTap(_width, _categoryCount, OutputWidth);

    public void Untap() => _tap = null;

    /// <summary>The numeric output of rows.</summary>
    /// <param name="outputs">Rows times <see cref="OutputWidth"/>, or more.</param>
    public void Score(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, int rows, Span<float> outputs)
    {
        RowValidator.Check(Version, _width, _categoryCount, numbers.Length, categories.Length, rows);
        _required?.Check(numbers, categories);
        if (rows == 0)
        {
            return;
        }

        RowValidator.CheckRoom((long)OutputWidth * rows, outputs.Length);
        Run(numbers, categories, rows, outputs[..(OutputWidth * rows)]);
    }

    /// <summary>The answer of one row.</summary>
    /// <param name="outputs">Gets the numeric output; empty where it is not wanted.</param>
    public T Answer<T>(AnswerReader<T> reader, ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<float> outputs)
    {
        T answer = default!;
        Answer(reader, numbers, categories, new Span<T>(ref answer), outputs);
        return answer;
    }

    /// <summary>The answers of rows, as many as there are places for.</summary>
    /// <param name="outputs">Gets the numeric output, row after row; empty where it is not wanted.</param>
    public void Answer<T>(
        AnswerReader<T> reader, ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<T> answers, Span<float> outputs)
    {
        if (outputs.IsEmpty)
        {
            RowValidator.Check(Version, _width, _categoryCount, numbers.Length, categories.Length, answers.Length);
            _required?.Check(numbers, categories);
            AnswerInBlocks(reader, numbers, categories, answers);
            return;
        }

        Score(numbers, categories, answers.Length, outputs);
        Read(reader, outputs, answers);
    }

    /// <summary>Scales as many rows as the numbers make.</summary>
    public void Transform(ReadOnlySpan<float> rows, Span<float> features)
    {
        if (Version.Schema.Task is not ModelTask.Scaling)
        {
            throw RowValidator.WrongTask(Version);
        }

        // One row at least, so that no numbers at all are refused like a row too short.
        Score(rows, [], Math.Max(1, rows.Length / _width), features);
    }

    /// <summary>What each input of one row added to the raw score of its answer.</summary>
    public Explanation Explain(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories)
    {
        if (Explaining is not { Explainer: { } explainer })
        {
            throw new RelayModelException(
                RelayModelFault.NotExplainable, $"{Version.Name} version {Version.Version} cannot be explained: {Explaining.WhyNot}");
        }

        float[] outputs = new float[OutputWidth];
        Score(numbers, categories, rows: 1, outputs);
        Attribution found = explainer.Explain(numbers, categories, _classes?.Read(outputs).LabelIndex ?? 0);
        return new Explanation(
            found.Label, found.Baseline, found.Score,
            [.. Version.Schema.Inputs.Zip(found.ByInput, (input, added) => new InputContribution(input.Name, added))],
            Version.Version, Version.Sha256);
    }

    /// <summary>The label of one row's numeric output; null for a task that gives none.</summary>
    public string? LabelOf(ReadOnlySpan<float> outputs) => _classes?.Read(outputs).Label ?? _anomalies?.LabelOf(outputs);

    private void AnswerInBlocks<T>(AnswerReader<T> reader, ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<T> answers)
    {
        int needed = OutputWidth * Math.Min(answers.Length, BlockRows);
        float[]? rented = needed > StackNumbers ? ArrayPool<float>.Shared.Rent(needed) : null;
        Span<float> outputs = rented is null ? stackalloc float[StackNumbers] : rented;
        for (int done = 0; done < answers.Length;)
        {
            int take = Math.Min(BlockRows, answers.Length - done);
            Run(
                numbers.Slice(done * _width, take * _width), categories.Slice(done * _categoryCount, take * _categoryCount), take,
                outputs[..(take * OutputWidth)]);
            Read(reader, outputs, answers.Slice(done, take));
            done += take;
        }

        if (rented is not null)
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    private void Read<T>(AnswerReader<T> reader, ReadOnlySpan<float> outputs, Span<T> answers)
    {
        for (int row = 0; row < answers.Length; row++)
        {
            answers[row] = reader.Read(outputs.Slice(row * OutputWidth, OutputWidth));
        }
    }

    private void Run(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, int rows, Span<float> outputs)
    {
        try
        {
            _scorer.Score(numbers, categories, rows, outputs);
        }
        catch (OnnxRuntimeException e)
        {
            throw Failed(e.Message, e);
        }

        if (!_passesMissingOn && Missing.IsIn(outputs))
        {
            throw Failed($"'{Version.Schema.NumericOutput}' holds NaN", null);
        }

        _tap?.Offer(numbers, categories, outputs);
    }

    private RelayModelException Failed(string why, Exception? inner)
    {
        Interlocked.Increment(ref _failures);
        return new(RelayModelFault.ScorerFailed, $"{Version.Name} version {Version.Version} failed on this row: {why}", inner);
    }

    [DoesNotReturn]
    private T ThrowTask<T>() => throw RowValidator.WrongTask(Version);
}
